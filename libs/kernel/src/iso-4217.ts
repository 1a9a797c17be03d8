/**
 * The currencies of ISO 4217: list one, “current currency and funds”, as published on 2026-01-01 by its maintenance
 * agency, SIX (https://www.six-group.com/en/products-services/financial-information/data-standards.html), by the number
 * of digits after the point (“minor unit”). Left out are the thirteen codes without one, metals and units of account.
 *
 * The list stands here, and not in Intl: that follows CLDR, differs from one version of Node to the next, keeps what
 * was withdrawn (HRK, BGN) and omits digits that are out of use.
 */
const byMinorUnit = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
    'CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL ' +
    'HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU ' +
    'MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR ' +
    'SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED ' +
    'VES WST XAD XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/** The digits after the point of each active currency of ISO 4217. */
export const iso4217: ReadonlyMap<string, number> = new Map(
  Object.entries(byMinorUnit).flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, Number(digits)])),
);
