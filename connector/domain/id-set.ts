/** Ids in one bucket: a bucket is a bitmap of this many consecutive numbers. */
const BUCKET = 4096;
const WORDS = BUCKET / 32;

/** Longest run of digits that still fits a number exactly. */
const MAX_DIGITS = 15;

/**
 * The number of a plain id as the database writes it; -1 for every other text. Called a thousand times for a stock
 * page.
 */
export function plainNumber(id: string): number {
  if (id === '0') return 0;
  if (id.length > MAX_DIGITS || !(id.charCodeAt(0) > ZERO)) return -1;
  let number = 0;
  for (let at = 0; at < id.length; at += 1) {
    const digit = id.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

const ZERO = 48;

/**
 * A set of ids in about one bit each while they are plain numbers, as shop ids are; other texts are kept as they are.
 * A million products fit in 130 kB.
 */
export class IdSet {
  readonly #buckets = new Map<number, Uint32Array>();
  readonly #texts = new Set<string>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(id: string): void {
    const number = plainNumber(id);
    if (number >= 0) {
      this.addNumber(number);
    } else if (!this.#texts.has(id)) {
      this.#texts.add(id);
      this.#size += 1;
    }
  }

  /** For adapters whose ids are numbers in the database. */
  addNumber(id: number): void {
    const key = Math.floor(id / BUCKET);
    let bucket = this.#buckets.get(key);
    if (!bucket) this.#buckets.set(key, (bucket = new Uint32Array(WORDS)));
    const at = id % BUCKET;
    const word = bucket[at >>> 5] ?? 0;
    const bit = 1 << (at & 31);
    if ((word & bit) !== 0) return;
    bucket[at >>> 5] = word | bit;
    this.#size += 1;
  }

  has(id: string): boolean {
    const number = plainNumber(id);
    if (number < 0) return this.#texts.has(id);
    const at = number % BUCKET;
    const word = this.#buckets.get(Math.floor(number / BUCKET))?.[at >>> 5] ?? 0;
    return (word & (1 << (at & 31))) !== 0;
  }

  /** How many plain numbers of this set are at least `from` and below `to`; undefined is no bound. */
  countBetween(from: string | undefined, to: string | undefined): number {
    const [first, end] = [Number(from ?? 0), to === undefined ? Infinity : Number(to)];
    let count = 0;
    for (const [key, bucket] of this.#buckets) {
      const start = key * BUCKET;
      if (start >= end || start + BUCKET <= first) continue;
      for (let i = 0; i < WORDS; i += 1) {
        const at = start + i * 32;
        if (at >= first && at + 32 <= end) count += bitsOf(bucket[i] ?? 0);
        else if (at < end && at + 32 > first) count += bitsWithin(bucket[i] ?? 0, first - at, end - at);
      }
    }
    return count;
  }

  /** How many ids of this set the other one lacks. */
  countMissingIn(other: IdSet): number {
    let missing = 0;
    for (const [key, bucket] of this.#buckets) {
      const theirs = other.#buckets.get(key);
      for (let i = 0; i < WORDS; i += 1) missing += bitsOf((bucket[i] ?? 0) & ~(theirs?.[i] ?? 0));
    }
    for (const text of this.#texts) if (!other.#texts.has(text)) missing += 1;
    return missing;
  }

  /** For storing; `IdSet.fromBytes` reads it back. */
  toBytes(): Buffer {
    const texts = Buffer.from(JSON.stringify([...this.#texts]));
    const bytes = Buffer.alloc(8 + this.#buckets.size * (8 + WORDS * 4) + texts.length);
    let at = bytes.writeUInt32LE(this.#buckets.size, 0);
    at = bytes.writeUInt32LE(texts.length, at);
    for (const [key, bucket] of this.#buckets) {
      at = bytes.writeDoubleLE(key, at);
      for (const word of bucket) at = bytes.writeUInt32LE(word, at);
    }
    texts.copy(bytes, at);
    return bytes;
  }

  static fromBytes(bytes: Buffer): IdSet {
    const set = new IdSet();
    const buckets = bytes.readUInt32LE(0);
    let at = 8;
    for (let n = 0; n < buckets; n += 1) {
      const bucket = new Uint32Array(WORDS);
      const key = bytes.readDoubleLE(at);
      at += 8;
      for (let i = 0; i < WORDS; i += 1, at += 4) {
        const word = bytes.readUInt32LE(at);
        bucket[i] = word;
        set.#size += bitsOf(word);
      }
      set.#buckets.set(key, bucket);
    }
    const texts: unknown = JSON.parse(bytes.toString('utf8', at, at + bytes.readUInt32LE(4)));
    if (Array.isArray(texts)) for (const text of texts) set.add(String(text));
    return set;
  }
}

/** Number of ones from one bit to before another. */
function bitsWithin(word: number, from: number, to: number): number {
  let count = 0;
  for (let bit = Math.max(from, 0); bit < Math.min(to, 32); bit += 1) count += (word >>> bit) & 1;
  return count;
}

/** Number of ones in a 32-bit word. */
function bitsOf(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
