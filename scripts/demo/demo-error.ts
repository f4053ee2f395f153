/** Something that keeps the demo from going on, said so that a merchant can act on it. Shown without a stack. */
export class DemoError extends Error {
  override readonly name = 'Mishap';
}
