/** Who to sign in as at the local provider: its button of a role, or a member with a name and an address. */
export type Who = { readonly role: string } | { readonly name: string; readonly email: string };

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const redirectsMax = 12;

/** A browser without scripts: cookies, redirects, forms. Cookies are per host and not per port, as in real ones. */
export class HttpBrowser {
  readonly cookies = new Map<string, string>();

  /** Follows redirects, as a person who opens an address does. */
  async open(url: string, init: RequestInit = {}): Promise<Page> {
    let answer = await this.send(url, init);
    let at = url;
    for (let redirects = 0; answer.headers.has('location') && answer.status < 400; redirects += 1) {
      if (redirects === redirectsMax) throw new Error(`too many redirects, the last one to ${at}`);
      at = new URL(answer.headers.get('location') as string, at).href;
      await answer.body?.cancel();
      answer = await this.send(at);
    }
    return { url: at, status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** One request, without following a redirect, from a page of the same origin. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { ...(cookie && { cookie }), 'sec-fetch-site': 'same-origin', ...(init.headers as object) },
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  /** Opens the console's sign-in and chooses a person at the provider. Answers the page of the console after it. */
  async signIn(consoleUrl: string, who: Who, returnTo = '/'): Promise<Page> {
    const choice = await this.open(`${consoleUrl}/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`);
    return this.choose(choice, who);
  }

  /** Chooses a person on the provider's page. */
  choose(choice: Page, who: Who): Promise<Page> {
    return this.open(choice.url, { method: 'POST', body: new URLSearchParams({ ...who }) });
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const isOver = attributes.some((one) => /^\s*(max-age=0|expires=thu, 01 jan 1970.*)$/i.test(one));
    if (isOver || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
