/** Without a transform: the tests are JavaScript, and import the built package as an app does. */
module.exports = { testEnvironment: 'node', testMatch: ['**/*.jest.cjs', '**/*.jest.mjs'], transform: {} };
