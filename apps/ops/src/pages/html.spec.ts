import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html } from './html.js';

describe('a page', () => {
  it('shows what it is given and never runs it', () => {
    const hostile = `<script>alert('x')</script> & "more"`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;</p>',
    );
  });

  it('keeps what is HTML already, lists it, and leaves out what is not there', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.text).toBe('<ul><li>a</li><li>b</li></ul>0');
  });

  it('never lets a value become markup', () => {
    fc.assert(fc.property(fc.string(), (value) => expect(html`${value}`.text).not.toMatch(/[<>"']/)));
  });
});
