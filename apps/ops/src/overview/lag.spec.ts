import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Buckets, bucketsOf, countOf, quantile, since } from './lag.js';
import { parseMetrics } from './prometheus-text.js';

const scrape = `# HELP messaging_consumer_lag_seconds From the commit of a event to the end of its handling.
# TYPE messaging_consumer_lag_seconds histogram
messaging_consumer_lag_seconds_bucket{le="0.1",service="payments",type="a"} 5
messaging_consumer_lag_seconds_bucket{le="1",service="payments",type="a"} 9
messaging_consumer_lag_seconds_bucket{le="+Inf",service="payments",type="a"} 10
messaging_consumer_lag_seconds_sum{service="payments",type="a"} 7.5
messaging_consumer_lag_seconds_count{service="payments",type="a"} 10
messaging_consumer_lag_seconds_bucket{le="0.1",service="payments",type="b"} 10
messaging_consumer_lag_seconds_bucket{le="1",service="payments",type="b"} 10
messaging_consumer_lag_seconds_bucket{le="+Inf",service="payments",type="b"} 10
`;
const lag: Buckets = bucketsOf(parseMetrics(scrape), 'messaging_consumer_lag_seconds');

describe('a scrape', () => {
  it('is read with its labels, escaped ones too', () => {
    const text = 'up{path="C:\\\\x",words="say \\"hi\\"\\n"} 1.5e-3 1700000000000\nplain 7\nnot a metric\n';
    expect(parseMetrics(text)).toEqual([
      { name: 'up', labels: { path: 'C:\\x', words: 'say "hi"\n' }, value: 0.0015 },
      { name: 'plain', labels: {}, value: 7 },
    ]);
  });
});

describe('lag', () => {
  it('is summed over the types of messages', () => {
    expect(lag).toEqual(
      new Map([
        [0.1, 15],
        [1, 19],
        [Number.POSITIVE_INFINITY, 20],
      ]),
    );
    expect(countOf(lag)).toBe(20);
  });

  it('is estimated within its bucket', () => {
    expect(quantile(lag, 0.5)).toBeCloseTo(0.1 * (10 / 15));
    expect(quantile(lag, 0.95)).toBe(1);
    expect(quantile(lag, 1)).toBe(1);
  });

  it('is unknown when nothing was handled', () => {
    expect(quantile(since(lag, lag), 0.95)).toBeNull();
  });

  it('counts everything after a restart', () => {
    const afterRestart = new Map([
      [0.1, 2],
      [Number.POSITIVE_INFINITY, 2],
    ]);
    expect(countOf(since(lag, afterRestart))).toBe(2);
  });

  it('never passes the highest bound that is known, and grows with the share', () => {
    const bounds = [0.1, 1, 10, Number.POSITIVE_INFINITY];
    const histogram = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }).map((counts) => {
      const upTo = (index: number) => counts.slice(0, index + 1).reduce((total, count) => total + count, 0);
      return new Map(bounds.map((bound, index) => [bound, upTo(index)]));
    });
    fc.assert(
      fc.property(histogram, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (buckets, share) => {
        const [small, large] = [quantile(buckets, share), quantile(buckets, share * 2)];
        if (countOf(buckets) === 0) return expect([small, large]).toEqual([null, null]);
        expect(small).toBeLessThanOrEqual(large!);
        expect(large).toBeLessThanOrEqual(10);
      }),
    );
  });
});
