/** Something happened that must never happen, said so that it can be looked into. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
