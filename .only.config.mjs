import all from '/work/wt/strict/rollup.config.mjs';
export default all.filter(c => [c.output].flat().some(o => o.file.includes(process.env.ONLY)));
