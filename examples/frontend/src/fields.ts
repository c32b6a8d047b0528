import { h, newId } from './dom.js';

export interface FieldOptions {
  /** As the body of the request calls it: a problem points at it by this name. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly type?: 'text' | 'date';
  readonly required?: true;
  /** Ids and codes: nothing to spell-check. */
  readonly isCode?: true;
}

/** A labelled input with room for a hint and for what is wrong with it. */
export class Field {
  readonly element: HTMLElement;
  readonly name: string;
  private readonly input: HTMLInputElement;
  private readonly error: HTMLElement;
  private readonly hintId: string | undefined;
  private readonly isRequired: boolean;

  constructor({ name, label, hint, value = '', type = 'text', required, isCode }: FieldOptions) {
    const id = newId(name);
    this.name = name;
    this.isRequired = required === true;
    this.hintId = hint === undefined ? undefined : newId('hint');
    this.error = h('p', { class: 'field-error', id: newId('error') });
    this.input = h('input', {
      id,
      name,
      type,
      value,
      required: required === true,
      autocomplete: 'off',
      spellcheck: isCode === true ? 'false' : undefined,
      class: isCode === true ? 'is-code' : undefined,
      'aria-describedby': this.hintId,
    });
    this.element = h(
      'div',
      { class: 'field' },
      h('label', { for: id }, label, required !== true && h('span', { class: 'optional' }, ' optional')),
      hint !== undefined && h('p', { class: 'hint', id: this.hintId }, hint),
      this.input,
      this.error,
    );
  }

  /** What was typed; undefined if nothing was. */
  get value(): string | undefined {
    const typed = this.input.value.trim();
    return typed === '' ? undefined : typed;
  }

  /** Has to be filled in, and is not. */
  get isMissing(): boolean {
    return this.isRequired && this.value === undefined;
  }

  /** A value to begin with, unless somebody has typed already. */
  begin(value: string): void {
    if (this.input.value === '') this.input.value = value;
  }

  /** Says what is wrong with it; nothing takes that back. */
  complain(message: string | undefined): void {
    this.error.replaceChildren(message ?? '');
    this.input.setAttribute('aria-invalid', String(message !== undefined));
    const described = [this.hintId, message === undefined ? undefined : this.error.id];
    this.input.setAttribute('aria-describedby', described.filter((id) => id !== undefined).join(' '));
  }

  focus(): void {
    this.input.focus();
  }
}
