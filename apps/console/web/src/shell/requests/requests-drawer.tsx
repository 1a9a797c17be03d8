import { useSyncExternalStore } from 'react';
import { type Exchange, exchanges } from '../../api/exchanges.ts';
import { Dialog } from '../../design/controls/dialog.tsx';
import { Status } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';

/** What the page has just sent and received, as a program would send it. */
export default function RequestsDrawer({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(shellWords);
  const list = useSyncExternalStore(exchanges.subscribe, exchanges.read);
  return (
    <Dialog title={words.asRequest} look="drawer" onClose={onClose}>
      <p className="soft small">{list.length === 0 ? words.asRequestEmpty : words.asRequestIntro}</p>
      {list.map((exchange, place) => (
        <ExchangeDetails key={exchange.id} exchange={exchange} isOpen={place === 0} />
      ))}
    </Dialog>
  );
}

function ExchangeDetails({ exchange, isOpen }: { readonly exchange: Exchange; readonly isOpen: boolean }) {
  const words = useWords(shellWords);
  const { method, url, status, answer } = exchange;
  return (
    <details className="exchange" open={isOpen}>
      <summary>
        <code className="strong">{method}</code>
        <code>{url}</code>
        <Status tone={status === undefined || status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good'}>
          {status ?? words.noResponse}
        </Status>
      </summary>
      <div>
        <h3>{words.request}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{requestText(exchange)}</pre>
        <h3>{words.response}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{answer === undefined ? words.noResponse : textOf(answer)}</pre>
      </div>
    </details>
  );
}

function requestText({ method, url, key, body }: Exchange): string {
  const headers = [
    ...(key ? [`Idempotency-Key: ${key}`] : []),
    ...(body === undefined ? [] : [`Content-Type: ${body instanceof Blob ? 'text/csv' : 'application/json'}`]),
  ];
  return [`${method} ${url}`, ...headers, ...(body === undefined ? [] : ['', bodyText(body)])].join('\n');
}

/** A file stands there by its name: it may have 200,000 rows. */
function bodyText(body: unknown): string {
  return body instanceof File ? `@${body.name}` : textOf(body);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
