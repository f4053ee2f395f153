import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeXml, isXmlName, readXml, writeDocument, writeElement, XmlError } from '../../connector/lib/xml.ts';

const MOST = { maxBytes: 10_000_000 };
const read = (text: string | Uint8Array, limits: { maxBytes: number; charset?: string } = MOST) =>
  readXml(typeof text === 'string' ? Buffer.from(text) : text, limits);

/** Text as people and machines write it, with what is special to XML and what it has no room for. */
const HOSTILE = fc.string({ unit: 'binary', maxLength: 60 });
const SPICED = fc
  .array(
    fc.oneof(
      HOSTILE,
      fc.constantFrom('&', '<', '>', '"', "'", ']]>', '<!--', '&amp;', '\r\n', '\t', '\uD800', '\u0000', 'ż'),
    ),
  )
  .map((parts) => parts.join(''));

/** What XML 1.0 can carry of a text, reckoned another way than the writer does. */
function carried(text: string): string {
  return Array.from(text)
    .filter((one) => {
      const code = one.codePointAt(0) ?? 0;
      if (code < 0x20) return code === 9 || code === 10 || code === 13;
      return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
    })
    .join('');
}

describe('the reader of XML', () => {
  it('gives names without prefixes, attributes, children in their order, and text', () => {
    const root = read('<s:a x:type="t&#x17C;"><s:b>1</s:b><c/><b> 2 <![CDATA[<&>]]></b></s:a>');
    assert.equal(root.name, 'a');
    assert.deepEqual([...root.attributes], [['type', 'tż']]);
    assert.deepEqual(
      root.children.map(({ name, text }) => [name, text]),
      [
        ['b', '1'],
        ['c', ''],
        ['b', ' 2 <&>'],
      ],
    );
  });

  it('takes elements called _ and cdata for what they are', () => {
    const { children } = read('<a><_>1</_><cdata>2</cdata><![CDATA[3]]><cdata>4</cdata></a>');
    assert.deepEqual(
      children.map(({ name, text }) => name + text),
      ['_1', 'cdata2', 'cdata4'],
    );
  });

  it('reads over a byte order mark, comments and instructions, whatever they hold', () => {
    const text =
      '\uFEFF<?xml version="1.0" encoding="utf-8"?><!-- <!DOCTYPE a> <b> --><a x=\'>\'>1<?p <c> ?></a>\n<!-- end -->';
    assert.equal(read(text).text, '1');
  });

  const LAUGHS = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`;
  const refused: [what: string, text: string, why: RegExp][] = [
    ['a billion laughs', LAUGHS, /document type/],
    ['a file of the server', '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>', /document type/],
    ['an unknown entity', '<a>&bogus;</a>', /malformed/],
    ['20,000 nested elements', '<a>'.repeat(20_000) + '</a>'.repeat(20_000), /deeper than 64/],
    ['65 nested elements', '<a>'.repeat(65) + '</a>'.repeat(65), /deeper than 64/],
    ['40,001 tags', `<a>${'<b/>'.repeat(39_999)}</a>`, /more than 40000 tags/],
    ['an HTML page', '<!DOCTYPE html><html><body>502</body></html>', /HTML/],
    ['XHTML without a type', '<html><body/></html>', /HTML/],
    ['a page that is no XML', '<p>Oops<br></p>', /malformed|cut short/],
    ['plain words', 'Service unavailable', /not XML/],
    ['JSON', '{"a":1}', /not XML/],
    ['nothing', '', /no document/],
    ['blanks', ' \n ', /no document/],
    ['half a document', '<a><b>1</b', /does not end/],
    ['a document without its end', '<a><b>1</b>', /cut short/],
    ['two documents', '<a/><b/>', /more than one/],
    ['text after the document', '<a/>x', /text after/],
    ['a wrong end', '<a></b>', /malformed/],
    ['an attribute without quotes', '<a b=c/>', /malformed/],
    ['an attribute twice', '<a b="1" b="2"/>', /twice/],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-2"?><a/>', /encoding/],
    ['a control character', '<a>\u0001</a>', /character/],
    ['a control character by number', '<a>&#1;</a>', /character/],
    ['half a pair by number', '<a>&#xD800;</a>', /character/],
    ['endless tags', '<a "'.repeat(200_000), /does not end/],
    ['endless comments', '<!--'.repeat(200_000), /cut short/],
  ];
  for (const [what, text, why] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => read(text),
        (error) => error instanceof XmlError && why.test(error.message),
      );
    });
  }

  it('takes 64 nested elements', () => {
    assert.equal(read('<a>'.repeat(64) + '</a>'.repeat(64)).name, 'a');
  });

  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    it(`refuses ${name} as an element, behind a prefix and as an attribute`, () => {
      for (const text of [`<${name}/>`, `<a><n:${name}>1</n:${name}></a>`, `<a ${name}="1"/>`, `<a n:${name}='1'/>`]) {
        assert.throws(() => read(text), XmlError);
      }
      assert.equal(read(`<a b="${name}">${name}</a>`).text, name);
    });
  }

  it('refuses bytes that are no UTF-8, and what the transport calls otherwise', () => {
    const latin = Buffer.from('<a>\xbf</a>', 'latin1');
    assert.throws(() => read(latin), /not UTF-8/);
    assert.throws(() => read(Buffer.from('\uFEFF<a/>', 'utf16le')), XmlError);
    assert.throws(() => read('<a/>', { ...MOST, charset: 'windows-1250' }), /encoding/);
    assert.equal(read('<a/>', { ...MOST, charset: 'UTF-8' }).name, 'a');
  });

  it('refuses a document that is too long without looking at it', () => {
    assert.equal(read('<a/>', { maxBytes: 4 }).name, 'a');
    assert.throws(() => read('<a />', { maxBytes: 4 }), /longer than 4/);
  });

  it('never names what stands in a document that it refuses', () => {
    for (const text of ['<a>SECRET&SECRET;</a>', '<a SECRET=SECRET/>', '<a>SECRET</SECRET>', 'SECRET', '<SECRET']) {
      assert.throws(
        () => read(text),
        (error: Error) => !`${error.message} ${String(error.cause)}`.includes('SECRET'),
      );
    }
  });

  it('throws nothing but an XmlError, whatever it is given', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b x="',
      '"',
      "'",
      '>',
      '<',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&',
      '&#',
      ';',
      ' x',
      '?>',
      '<?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (parts) => {
        try {
          read(parts.join(''));
          return true;
        } catch (error) {
          return error instanceof XmlError;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the writer of XML', () => {
  it('writes what the reader reads, whatever the text', () => {
    fc.assert(
      fc.property(SPICED, SPICED, (text, attribute) => {
        const written = writeDocument(writeElement('g:a', { x: attribute }, [writeElement('b', {}, text)]));
        const root = read(written);
        const [child] = root.children;
        assert.equal(root.attributes.get('x'), carried(attribute));
        // The parser drops text that is blank.
        const expected = carried(text);
        assert.equal(child?.text, /^\s*$/.test(expected) ? '' : expected);
      }),
      { numRuns: 500 },
    );
  });

  it('escapes what is special, in the same way everywhere', () => {
    assert.equal(
      writeElement('a', { b: `<&>"'` }, `<&>"'`),
      '<a b="&lt;&amp;&gt;&quot;&apos;">&lt;&amp;&gt;&quot;&apos;</a>',
    );
    assert.equal(escapeXml('a\u0000\u001f\uD800b\uDC00\uFFFF😀'), 'ab😀');
  });

  it('refuses names that would end a tag', () => {
    for (const name of ['a b', 'a>', '', '1a', 'a"', 'a:b:c', '<']) {
      assert.equal(isXmlName(name), false);
      assert.throws(() => writeElement(name, {}, ''), XmlError);
      assert.throws(() => writeElement('a', { [name]: '' }, ''), XmlError);
    }
    for (const name of ['a', 'xsi:type', 'zamówienie', '_x-1.2']) assert.equal(isXmlName(name), true);
  });
});
