import type { FaultClass, OperationName, Profile } from '../../connector/integrations/idosell/client/profile.ts';

/** A number that no table of the profile has; counted up until it is free. */
const UNLISTED = 90;

/** Every number by which an operation can say this, the profile's own first; never empty. */
export function faultNumbers(
  { faults }: Pick<Profile, 'faults'>,
  operation: OperationName,
  fault: FaultClass,
): string[] {
  const own = faults.operations[operation];
  const found = [
    ...Object.entries(own),
    // A gate's own meaning of a number comes before the common one (P4).
    ...Object.entries(faults.common).filter(([number]) => !Object.hasOwn(own, number)),
  ].flatMap(([number, means]) => (means === fault && number !== 'default' ? [number] : []));
  return found.length > 0 ? found : [unlisted({ ...faults.common, ...own })];
}

function unlisted(table: Readonly<Record<string, FaultClass>>): string {
  let number = UNLISTED;
  while (Object.hasOwn(table, String(number))) number += 1;
  return String(number);
}
