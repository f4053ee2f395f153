/** Something that keeps the demo from going on, said so that a merchant can act on it. Shown without a stack. */
export class Mishap extends Error {
  override readonly name = 'Mishap';
}
