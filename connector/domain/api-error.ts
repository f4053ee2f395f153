/** Words for what was refused. Never renamed: BaseLinker's logs and the merchants' notes hold them. */
export type ApiErrorCode =
  | 'no_password'
  | 'incorrect_password'
  | 'unsupported_action'
  | 'db_connection'
  | 'db_query'
  | 'unknown_product'
  | 'invalid_parameter'
  | 'unknown_order'
  | 'internal_error';

/** The caller's request cannot be fulfilled. Only endpoints catch it; its text is meant for the merchant. */
export class ApiError extends Error {
  override readonly name = 'Refusal';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, text: string) {
    super(text);
    this.code = code;
  }
}
