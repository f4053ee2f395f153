import type { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { amountOf, type Amount } from './amount.ts';

export type PaymentType = keyof Profile['words']['paymentType'];

export interface Courier {
  readonly id: string;
  readonly name: string;
  readonly companyKey: string;
  readonly countries: readonly string[];
  readonly paymentTypes: readonly PaymentType[];
  /** In kilograms, decimal text. */
  readonly mostWeight: string;
  readonly cost: string;
  /** Days until it is there. */
  readonly days: number;
  /** Ids of its points; none for one that goes to the door. */
  readonly pickupPoints: readonly string[];
  readonly trackingUrlTemplate: string;
}

export const USUAL_COURIERS: readonly Courier[] = [
  {
    ...{ id: '100149', name: 'Kurier Demo', companyKey: 'demo', countries: ['PL', 'DE'], cost: '12.9', days: 1 },
    ...{ paymentTypes: ['prepaid', 'cashOnDelivery', 'tradeCredit'], mostWeight: '30', pickupPoints: [] },
    trackingUrlTemplate: 'https://track.example.test/{number}',
  },
  {
    ...{ id: '100150', name: 'Paczkopunkt Demo', companyKey: 'demopoint', countries: ['PL'], cost: '9.5', days: 2 },
    ...{ paymentTypes: ['prepaid', 'tradeCredit'], mostWeight: '5', pickupPoints: ['WAW01', 'SZC02'] },
    trackingUrlTemplate: '',
  },
];

export interface Parcel {
  readonly countryId: string;
  readonly weight: Amount;
  /** Undefined where it is not asked for. */
  readonly paymentType: PaymentType | undefined;
}

export const takes = (courier: Courier, { countryId, weight, paymentType }: Parcel): boolean =>
  courier.countries.includes(countryId) &&
  weight <= amountOf(courier.mostWeight) &&
  (paymentType === undefined || courier.paymentTypes.includes(paymentType));
