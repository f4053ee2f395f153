import { styleText } from 'node:util';
import { wrapped } from '../../connector/baselinker/check/text-layout.ts';

/** What the demo prints on: short lines, colours only where somebody looks. */
export interface Console {
  title(text: string): void;
  /** A sentence, broken into lines. */
  say(text: string): void;
  /** One line of a block: a word in the margin, then what it is. */
  row(label: string, text: string): void;
  /** A line below the row before it, cut to the width. */
  detail(text: string): void;
  good(label: string, text: string): void;
  bad(label: string, text: string): void;
  /** As it stands, to be copied. */
  verbatim(text: string): void;
  gap(): void;
}

const WIDTH = 80; // a terminal as it opens
const MARGIN = 4;
const LABEL = 19;

type Style = Parameters<typeof styleText>[0];

export function paper(print: (line: string) => void, hasColour: boolean): Console {
  const dyed = (style: Style, text: string): string => (hasColour ? styleText(style, text) : text);

  const row = (label: string, text: string, style?: Style): void => {
    const lines = wrapped(text, WIDTH - MARGIN - LABEL);
    lines.forEach((line, at) => {
      const margin = ' '.repeat(MARGIN) + dyed('dim', (at === 0 ? label : '').padEnd(LABEL));
      print((margin + (style ? dyed(style, line) : line)).trimEnd());
    });
  };

  return {
    title: (text) => print(dyed('bold', text)),
    say: (text) => {
      for (const line of wrapped(text, WIDTH - MARGIN)) print(' '.repeat(MARGIN) + line);
    },
    row,
    detail: (text) => {
      const room = WIDTH - MARGIN - LABEL - 2;
      const letters = Array.from(text);
      const cut = letters.length > room ? `${letters.slice(0, room - 1).join('')}…` : text;
      print(`${' '.repeat(MARGIN + LABEL + 2)}${dyed('dim', cut)}`);
    },
    good: (label, text) => row(label, text, 'green'),
    bad: (label, text) => row(label, text, 'red'),
    verbatim: (text) => print(text),
    gap: () => print(''),
  };
}
