import fc from 'fast-check';

// A failure prints its seed and path; fewer runs than the default 100 would miss, many more would cost seconds.
fc.configureGlobal({ numRuns: 200 });

export { fc };
