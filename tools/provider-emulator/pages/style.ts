/** The style of the pages: one scale of type, one of space, light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f8, #14161b);
  --surface: light-dark(#ffffff, #1d2027);
  --ink: light-dark(#191c24, #eceef3);
  --quiet: light-dark(#565d6d, #a6aebd);
  --line: light-dark(#d9dde5, #363b46);
  --accent: light-dark(#4338ca, #a5b4fc);
  --on-accent: light-dark(#ffffff, #14161b);
  --good: light-dark(#0f6b3e, #7ddba8);
  --bad: light-dark(#b3261e, #ffb4ab);
  font: 1rem/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
header { padding: 1rem; border-bottom: 1px solid var(--line); background: var(--surface); }
header p { max-width: 42rem; margin-inline: auto; }
main { max-width: 44rem; margin-inline: auto; }
header p { margin-block: 0; display: flex; gap: .75rem; flex-wrap: wrap; justify-content: space-between; }
main { padding: 1.5rem 1rem 4rem; display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
section { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
h1, h2 { margin: 0 0 .25rem; line-height: 1.25; text-wrap: balance; }
h1 { font-size: 1.25rem; }
h2 { font-size: 1rem; margin-bottom: 1rem; }
p { margin: 0 0 1rem; }
section > :last-child { margin-bottom: 0; }
form + p { margin-top: 1rem; }
.amount { font-size: 2.5rem; font-weight: 650; line-height: 1.2; margin: 0; }
.quiet, small { color: var(--quiet); font-size: .875rem; }
a { color: var(--accent); }
form { margin: 0; }
button { font: inherit; font-weight: 600; padding: .25rem 1rem; min-height: 2.75rem; border-radius: .5rem; cursor: pointer;
  border: 1px solid var(--line); background: var(--surface); color: var(--ink); }
button:hover { border-color: var(--accent); }
button.main { width: 100%; min-height: 3rem; background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
input { font: inherit; padding: .25rem .75rem; height: 2.75rem; width: 8rem; border-radius: .5rem;
  border: 1px solid var(--quiet); background: var(--surface); color: var(--ink); text-align: end; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.acts { display: grid; gap: 1rem; list-style: none; margin: 0; padding: 0; }
.acts form { display: flex; gap: .75rem; align-items: end; justify-content: space-between; flex-wrap: wrap; }
.acts label, .inline label { display: grid; font-size: .875rem; color: var(--quiet); }
.acts > li + li { border-top: 1px solid var(--line); padding-top: 1rem; }
.acts p { margin: 0; flex: 1 1 16rem; align-self: center; }
.fields { display: flex; gap: .75rem; align-items: end; }
.inline { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; margin-top: .75rem; }
.notices { list-style: none; margin: 0; padding: 0; font-size: .875rem; }
.notices li { display: flex; gap: .5rem 1rem; align-items: center; justify-content: space-between; flex-wrap: wrap;
  padding-block: .75rem; border-top: 1px solid var(--line); }
.notices p { margin: 0; flex: 1 1 16rem; }
.payments { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.5rem; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { text-align: start; padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--quiet); font-weight: 600; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.notice { border-inline-start: .25rem solid var(--bad); padding-inline-start: 1rem; margin: 0; }
code { font-size: .875em; overflow-wrap: anywhere; }
@media (forced-colors: active) { button.main { border: 2px solid; } }
`;
