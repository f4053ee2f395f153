import { ApiError, type ApiErrorCode } from '../../domain/api-error.ts';

/** docs/protocol/baselinker.md 1.4: what a refusal looks like on the wire. */
export interface ErrorBody {
  readonly error: true;
  readonly error_code: ApiErrorCode;
  readonly error_text: string;
}

/** HTTP status of each refusal, for those who ask for one (`HTTP_ERRORS=status`). */
export const STATUS_OF: Readonly<Record<ApiErrorCode, number>> = {
  no_password: 401,
  incorrect_password: 403,
  unsupported_action: 404,
  db_connection: 503,
  db_query: 500,
  unknown_product: 422,
  invalid_parameter: 400,
  unknown_order: 422,
  internal_error: 500,
};

/** Longest sentence that is sent: the panel shows it in one line of its log. */
const MAX_TEXT = 500;

export function errorBody(apiError: ApiError): ErrorBody {
  return { error: true, error_code: apiError.code, error_text: apiError.message.slice(0, MAX_TEXT).toWellFormed() };
}

/** What the caller hears of a bug or an outage. The driver's own text stays in the log. */
export function neutralError(code: 'db_connection' | 'db_query' | 'internal_error'): ApiError {
  const sentences = {
    // Whether anything was changed is not known when the connection is lost while a change is being confirmed.
    db_connection: "The shop's database cannot be reached at the moment. Please call again.",
    db_query: "The shop's database could not answer this question. Nothing was changed.",
    internal_error: 'The connector could not finish this call. The reason is in its log.',
  };
  return new ApiError(code, sentences[code]);
}
