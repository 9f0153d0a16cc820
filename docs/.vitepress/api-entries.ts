/** The entries of the package that the reference describes. The types of `node`, `wechat` and `uniapp` are those of `flooim`. */
export const API_ENTRIES: readonly { readonly types: string; readonly name: string }[] = [
  { types: 'browser', name: 'flooim' },
  { types: 'react', name: 'flooim/react' },
  { types: 'vue', name: 'flooim/vue' },
  { types: 'rtc', name: 'flooim/rtc' },
  { types: 'testing', name: 'flooim/testing' },
  { types: 'error-texts', name: 'flooim/error-texts' },
  { types: 'wire', name: 'flooim/wire' },
];
