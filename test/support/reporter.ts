import Mocha from 'mocha';

/** mocha's usual report, and a last line that any CI can read. */
export default class SpecWithSummary extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`tests: ${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}
