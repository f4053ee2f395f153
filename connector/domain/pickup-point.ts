import type { PickupPoint } from './order.ts';

/** Texts that mean "none". */
const NONE = /^[0\s-]*$/;

/** A name that consists of a code alone: capital letters and digits, or digits; without a digit it is a name. */
const CODE = /^(?=.*\d)[A-Z0-9][A-Z0-9-]{2,39}$/;

/** The code of a parcel locker within a name for humans: KRA010, WAW123M, POP-KRA14. */
const LOCKER = /(?<![\p{L}\p{N}])(?:POP-)?[A-Z]{3}\d{2,4}[A-Z]{0,4}(?!-?[\p{L}\p{N}])/gu;

/** The id of the point, '' for none: from the fields for it, else from its name, where older callers write it. */
export function pickupPointId(fields: readonly (string | undefined)[], name: string): string {
  const sent = fields.find((id) => id !== undefined && !isNoPoint(id));
  return sent ?? (CODE.test(name) && !isNoPoint(name) ? name : lockerIn(name));
}

/** Whether it means that there is none, in a shop's column too. */
export function isNoPoint(id: PickupPoint['id']): boolean {
  return NONE.test(id);
}

/** Of two codes neither is sure. */
function lockerIn(name: string): string {
  const [code = '', ...others] = new Set(name.match(LOCKER));
  return others.length === 0 ? code : '';
}
