/** Attributes, as the panel's form offers them. */
export type AttributeType =
  'String' | 'Text' | 'Number' | 'Money' | 'Date' | 'DateTime' | 'SingleSelect' | 'Boolean' | 'Url';

export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly required?: boolean;
  /** Of a SingleSelect. */
  readonly options?: readonly string[];
}

export type MatchField = 'email' | 'phone' | 'crmId';

/** What somebody has set up in the panel, and what is not documented and may be either way. */
export interface Account {
  /** By which customers are told apart; mandatory in every order. */
  readonly matchField: MatchField;
  /** Websites that exist; none means that any number is taken. */
  readonly websites: readonly number[];
  readonly orderAttributes: readonly AttributeDefinition[];
  readonly productAttributes: readonly AttributeDefinition[];
  readonly customerAttributes: readonly AttributeDefinition[];
  readonly consents: readonly { readonly name: string; readonly type: 'General' | 'Email' | 'Sms' }[];
  /** Which spelling of the status is understood: documents and plugins disagree (E5). */
  readonly cancelled: 'canceled' | 'cancelled' | 'both';
  /** Whether an order of somebody unknown is refused (E7). */
  readonly knownCustomersOnly: boolean;
  /** What a status for an order that is not there is answered with (E9). */
  readonly unknownOrder: 404 | 400;
  /** Records in one request, at most (E4). */
  readonly mostRecords: number;
  readonly maxBytes: number;
}

export const USUAL_ACCOUNT: Account = {
  matchField: 'email',
  websites: [],
  orderAttributes: [],
  productAttributes: [],
  customerAttributes: [],
  consents: [],
  cancelled: 'canceled',
  knownCustomersOnly: false,
  unknownOrder: 404,
  mostRecords: 50,
  maxBytes: 1024 * 1024,
};

const MAX_ATTRIBUTES = 10;

/** The usual account with changes, refused when the panel would not allow them. */
export function openAccount(changes: Partial<Account>): Account {
  const account = { ...USUAL_ACCOUNT, ...changes };
  for (const kind of ['orderAttributes', 'productAttributes'] as const) {
    const names = account[kind].map(({ name }) => name);
    if (names.length > MAX_ATTRIBUTES) throw new RangeError(`${kind}: an account has ${MAX_ATTRIBUTES} at most`);
    if (new Set(names).size !== names.length) throw new RangeError(`${kind}: a name stands twice`);
  }
  return account;
}

/** The word as it is kept, or undefined for one that is not known. Letter case does not matter (E5). */
export function statusOf(word: string, { cancelled }: Account): Status | undefined {
  const small = word.toLowerCase();
  if (small === 'canceled' || small === 'cancelled') {
    return cancelled === 'both' || cancelled === small ? 'Canceled' : undefined;
  }
  return STATUSES.get(small);
}

/** As an answer shows it; the documents' sample has a capital letter. */
export type Status = 'Placed' | 'Paid' | 'Completed' | 'Canceled';

const STATUSES = new Map<string, Status>([
  ['placed', 'Placed'],
  ['paid', 'Paid'],
  ['completed', 'Completed'],
]);

/** Names of the platform's own list; those of the IANA list, such as Europe/Warsaw, are not among them. */
export const TIME_ZONES: ReadonlySet<string> = new Set([
  'UTC',
  ...[
    ...['GMT', 'Greenwich', 'W. Europe', 'Central Europe', 'Romance', 'Central European', 'GTB', 'FLE', 'E. Europe'],
    ...['Turkey', 'Kaliningrad', 'Belarus', 'Russian'],
  ].map((place) => `${place} Standard Time`),
]);

/** Whether a value, which is text on the wire, fits the attribute's type. */
export function fits(value: string, { type, options = [] }: AttributeDefinition): boolean {
  switch (type) {
    case 'String':
      return value.length <= 255;
    case 'Text':
      return true;
    case 'Number':
      return /^-?\d+([.]\d+)?$/.test(value);
    case 'Money':
      return /^-?\d+([.]\d{1,2})?$/.test(value);
    case 'Date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
    case 'DateTime':
      return isInstant(value);
    case 'SingleSelect':
      return options.includes(value);
    case 'Boolean':
      return /^(true|false)$/i.test(value);
    case 'Url':
      return URL.canParse(value);
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/;

/** A moment with its zone; without one nobody knows which moment is meant. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}
