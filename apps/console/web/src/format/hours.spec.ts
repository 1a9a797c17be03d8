import { expect, it } from '@jest/globals';
import { hoursInZone, offsetMinutes, weekdayName } from './hours.ts';

const winter = Date.parse('2026-01-15T12:00:00Z');
const summer = Date.parse('2026-07-15T12:00:00Z');

it('a zone has the offset of the instant', () => {
  expect(offsetMinutes('Asia/Kolkata', winter)).toBe(330);
  expect([winter, summer].map((at) => offsetMinutes('Europe/Berlin', at))).toEqual([60, 120]);
  expect(offsetMinutes('America/New_York', winter)).toBe(-300);
  expect(offsetMinutes('Asia/Kolkata', winter + 59_999)).toBe(330);
});

it('hours are shown in the zone of the reader, also when they begin on another day', () => {
  const hours = (reader: string) => hoursInZone('06:00', '09:00', 'Asia/Kolkata', reader, winter);
  expect(hours('Asia/Tokyo')).toEqual({ start: '09:30', end: '12:30', dayShift: 0 });
  expect(hours('Asia/Kolkata')).toEqual({ start: '06:00', end: '09:00', dayShift: 0 });
  expect(hours('America/New_York')).toEqual({ start: '19:30', end: '22:30', dayShift: -1 });
  expect(hoursInZone('20:00', '23:00', 'Asia/Kolkata', 'Pacific/Auckland', winter)).toEqual({
    start: '03:30',
    end: '06:30',
    dayShift: 1,
  });
});

it('weekdays have names, Monday first', () => {
  expect([1, 7].map((day) => weekdayName(day, 'en-GB'))).toEqual(['Mon', 'Sun']);
  expect([1, 7].map((day) => weekdayName(day, 'de-DE'))).toEqual(['Mo', 'So']);
});
