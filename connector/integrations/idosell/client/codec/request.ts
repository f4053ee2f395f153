/** What is said to the wholesaler, whichever format it goes out in; the order of fields is the order on the wire. */
export type RequestValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly type: 'int' | 'decimal'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly RequestValue[] }
  | { readonly kind: 'fields'; readonly fields: readonly RequestField[] };

export type RequestField = readonly [name: string, value: RequestValue];

/** Consumers type what they like: what is no character of a text is left out, lone surrogates among it. */
export function plain(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\uFFFE\uFFFF]/gu, '');
}

export function text(value: string): RequestValue {
  return { kind: 'text', text: plain(value) };
}

/** An id that is a number for the wholesaler; one that is none is sent as it is. */
export function int(value: string): RequestValue {
  return /^(?:0|[1-9]\d{0,17})$/.test(value) ? { kind: 'number', type: 'int', text: value } : text(value);
}

/** Throws for what is no amount above zero: nothing of ours orders less (4.0). */
export function decimal(value: string): RequestValue {
  if (!/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) || !/[1-9]/.test(value)) {
    throw new RangeError('a quantity or an amount of a request is no decimal above zero');
  }
  return { kind: 'number', type: 'decimal', text: value };
}

export function list(items: readonly RequestValue[]): RequestValue {
  return { kind: 'list', items };
}

export function fields(...entries: readonly RequestField[]): RequestValue {
  return { kind: 'fields', fields: entries };
}

/** The field, unless there is nothing to say. */
export function given(
  name: string,
  value: string,
  write: (value: string) => RequestValue = text,
): readonly RequestField[] {
  return value === '' ? [] : [[name, write(value)]];
}
