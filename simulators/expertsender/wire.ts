import { z } from 'zod';
import { isInstant, TIME_ZONES } from './account.ts';

/** What requests hold, field by field as the fact sheet's section 2 lists it. Numbers are numbers, never text. */

const text = (max: number) => z.string().max(max);
const needed = (max: number) => z.string().min(1, 'is required').max(max);

/** .NET reads a null as "left out". */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();

const attribute = z.strictObject({ name: needed(256), value: z.string() });
const attributes = maybe(z.array(attribute).max(10));

const product = z.strictObject({
  id: needed(128),
  name: needed(2048),
  price: z.number(),
  quantity: z.int32().min(1),
  // Documented as 1 or more; the documents' own sample and both plugins send 0.
  returned: maybe(z.int32().min(0)),
  url: maybe(text(2048)),
  imageUrl: maybe(text(2048)),
  category: maybe(text(2048)),
  productAttributes: attributes,
});

export const Customer = z.strictObject({
  email: maybe(text(320)),
  phone: maybe(text(20).regex(/^\S*$/, 'must not hold blanks')),
  crmId: maybe(text(128)),
});

export const Order = z.strictObject({
  id: needed(128),
  date: z.string().refine(isInstant, 'is not a date-time with its zone'),
  totalValue: z.number().min(0),
  customer: Customer,
  products: z.array(product),
  timeZone: maybe(text(100).refine((name) => TIME_ZONES.has(name), 'is not a known time zone')),
  websiteId: maybe(z.int32()),
  status: maybe(z.string().min(1)),
  currency: maybe(z.string().length(3)),
  returnsValue: maybe(z.number()),
  orderAttributes: attributes,
});

export type WireOrder = z.output<typeof Order>;

export const Orders = z.strictObject({ mode: z.enum(['Add', 'AddOrReplace', 'Replace']), data: z.array(Order).min(1) });

export const OrderStatus = z.strictObject({
  orderId: needed(128),
  orderStatus: z.string().min(1, 'is required'),
  websiteId: maybe(z.int32()),
});

const WireCustomer = z.strictObject({
  ...Customer.shape,
  visitorId: maybe(text(38)),
  firstName: maybe(text(256)),
  lastName: maybe(text(256)),
  dateOfBirth: maybe(z.iso.date().or(z.iso.datetime({ offset: true, local: true }))),
  gender: maybe(z.enum(['Male', 'Female', 'NotSpecified'])),
  customAttributes: maybe(z.array(attribute)),
  consentsData: maybe(
    z.strictObject({
      consents: z.array(z.strictObject({ id: z.int32(), value: z.enum(['True', 'False', 'AwaitingConfirmation']) })),
      force: maybe(z.boolean()),
      confirmationMessageId: maybe(z.int32()),
    }),
  ),
});

export type WireCustomer = z.output<typeof WireCustomer>;

export const Customers = z.strictObject({
  mode: z.enum(['Add', 'Update', 'AddOrUpdate']),
  matchBy: z.enum(['Email', 'PhoneNumber', 'CrmId', 'GUID']),
  data: z.array(WireCustomer).min(1),
});

export type Read<T> =
  | { readonly value: T; readonly unknown: readonly string[] }
  | { readonly errors: readonly string[]; readonly unknown: readonly string[] };

/** What was sent, or every place where it is wrong. Fields that are not known are told apart: they may be ignored. */
export function read<T>(schema: z.ZodType<T>, json: unknown): Read<T> {
  const { error } = schema.safeParse(json);
  const issues = error?.issues ?? [];
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => placeOf([...issue.path, key])) : [],
  );
  const errors = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? [] : [`${placeOf(issue.path) || 'body'}: ${issue.message}`],
  );
  // The cast: apart from fields beyond it, the body is what the schema says, and no schema here changes a value.
  return errors.length > 0 ? { errors, unknown } : { value: json as T, unknown };
}

/** `data[3].products[0].quantity` */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, step) => {
    if (typeof step === 'number') return `${place}[${step}]`;
    return place === '' ? String(step) : `${place}.${String(step)}`;
  }, '');
}
