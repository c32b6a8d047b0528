import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';

// Its packages are its own: `npm run bench` installs them.
const peers = existsSync(join(import.meta.dirname, 'bench/node_modules')) ? [] : ['bench/peers'];

export default tseslint.config(
  { ignores: ['dist', 'data', 'node_modules', 'examples/*/dist', 'bench/dist', '**/api.d.ts', ...peers] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A Nest module is a class whose decorator says everything.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // DTO classes are shapes: what is told to a client is a plain object of that shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  { files: ['**/*.mjs', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
);
