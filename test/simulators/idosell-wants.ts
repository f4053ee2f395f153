import type { IdoSell } from '../../simulators/idosell/server.ts';
import type { Tree } from './idosell-ask.ts';

/** What requests want, in the names of the remote system's profile. */

type Line = readonly [code: string, quantity: string, codeType?: string];

export function lines({ profile }: Pick<IdoSell, 'profile'>, ...wanted: readonly Line[]): Tree {
  const { product: names } = profile.names;
  const products = wanted.map(([code, quantity, codeType = 'internal']) => ({
    ...{ [names.code]: code, [names.codeType]: codeType, [names.quantity]: quantity },
  }));
  return { [names.products]: products };
}

const ANNA = {
  ...{ firstName: 'Anna', lastName: 'Przykładowa', street: 'Lipowa 7/2', zipCode: '00-950', city: 'Warszawa' },
  ...{ countryId: 'PL', phone: '600000001', email: 'anna@example.test' },
};

const RESELLER = {
  ...{ firm: 'Sklep Demo sp. z o.o.', nip: '1111111111', street: 'Handlowa 1', zipCode: '70-001', city: 'Szczecin' },
  countryId: 'PL',
};

type Texts = Readonly<Record<string, string>>;

export const address = ({ profile }: Pick<IdoSell, 'profile'>, changes: Texts = {}): Tree =>
  renamed({ ...ANNA, ...changes }, profile.names.address);

const renamed = (values: Texts, names: Texts): { readonly [name: string]: Tree } =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name] ?? name, value]));

interface OrderChanges {
  readonly order?: Texts;
  readonly address?: Texts;
  readonly payer?: Texts;
  readonly reference?: string;
}

/** A complete order; a test names only what matters to it. */
export function anOrder({ profile }: Pick<IdoSell, 'profile'>, changes: OrderChanges = {}): Tree {
  const { order, payer } = profile.names;
  const { reference = '1001/A' } = changes;
  return {
    ...renamed({ courierId: '100149', ...changes.order }, order),
    [order.deliveryAddress]: address({ profile }, changes.address),
    [order.payerAddress]: renamed({ ...RESELLER, ...changes.payer }, payer),
    [profile.referenceField]: `${profile.referencePrefix}${reference}`,
    ...(profile.externalReferenceField === '' ? {} : { [profile.externalReferenceField]: reference }),
  };
}
