// React Aria empties its live region by `innerHTML = ''`. Nothing else may write HTML.
window.trustedTypes?.createPolicy('default', { createHTML: (html: string) => (html === '' ? html : null) });
