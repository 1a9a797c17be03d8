export const opsCss = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2430, #e6e9ee); --soft: light-dark(#596474, #a3adba); --line: light-dark(#d9dee5, #333c48);
  --paper: light-dark(#f6f7f9, #14181e); --card: light-dark(#fff, #1c222a); --link: light-dark(#1f5fbf, #8ab8ff);
  --good: light-dark(#17663a, #7fd6a2); --warn: light-dark(#8a5200, #f2c069); --bad: light-dark(#a3201d, #ff9c94);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: .5rem; top: .5rem; background: var(--card); padding: .5rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: center; padding: .6rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
.brand { margin: 0; font-weight: 650; } .brand span { font-weight: 400; color: var(--soft); }
nav ul { display: flex; flex-wrap: wrap; gap: 1.25rem; list-style: none; margin: 0; padding: 0; }
nav a { text-decoration: none; padding: .2rem 0; } nav a[aria-current] { color: var(--ink); border-bottom: 2px solid currentColor; }
.who { margin-left: auto; color: var(--soft); }
main { max-width: 78rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.5rem; margin: .5rem 0 1rem; } h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
section, .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; margin: 0 0 1rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1rem; margin: 0 0 1rem; }
.columns section { margin: 0; }
.scroll { overflow-x: auto; position: relative; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .87rem; }
tbody th { font-weight: 500; }
.status { font-weight: 600; white-space: nowrap; }
.status::before { content: "●"; margin-right: .4em; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.soft { color: var(--soft); } .empty { color: var(--soft); margin: .25rem 0; }
.concerns { border-left: 5px solid var(--warn); } .concerns ul { margin: 0; padding-left: 1.2rem; }
.calm { border-left: 5px solid var(--good); }
.error { border-left: 5px solid var(--bad); }
pre { overflow: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; max-height: 32rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
form.act { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .75rem 0 0; }
td form.act { margin: 0; }
label { display: block; } input, textarea { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; padding: .4rem .6rem; width: 100%; }
.field { flex: 1 1 20rem; }
button { font: inherit; font-weight: 600; padding: .4rem .9rem; border-radius: 6px; border: 1px solid var(--link); background: var(--link); color: var(--card); cursor: pointer; }
button.danger { background: var(--bad); border-color: var(--bad); } button.quiet { background: none; color: var(--link); border-color: transparent; font-weight: 400; }
.pages { display: flex; gap: 1rem; margin-top: .75rem; }
@media (max-width: 40rem) { main { padding: .5rem .75rem 3rem; } .columns { grid-template-columns: 1fr; } dl { grid-template-columns: 1fr; } }
`.trimStart();
