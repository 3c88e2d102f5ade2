// Fields with a visible label, help before and an error beside them; errors also in a summary that takes the focus.
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../words/words';
import { Alert } from './basic';

export interface FieldProps {
  id: string;
  label: string;
  help?: ReactNode;
  error?: string | undefined;
}

function Around({ id, label, help, error, children }: FieldProps & { children: ReactNode }) {
  return (
    <div className={`field ${error ? 'invalid' : ''}`}>
      <label className="utrecht-form-label" htmlFor={id}>
        {label}
      </label>
      {help && (
        <div className="utrecht-form-field-description" id={`${id}-help`}>
          {help}
        </div>
      )}
      {error && (
        <div className="utrecht-form-field-error-message" id={`${id}-error`}>
          {error}
        </div>
      )}
      {children}
    </div>
  );
}

const described = ({ id, help, error }: FieldProps) => ({
  'aria-describedby': [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined,
  'aria-invalid': error ? true : undefined,
});

export function TextField({
  value,
  change,
  type = 'text',
  autoComplete = 'off',
  inputMode,
  required = false,
  ...field
}: FieldProps & {
  value: string;
  change: (next: string) => void;
  type?: 'text' | 'password' | 'date' | 'number' | 'email';
  autoComplete?: string;
  inputMode?: 'numeric';
  required?: boolean;
}) {
  return (
    <Around {...field}>
      <input
        id={field.id}
        className={`utrecht-textbox utrecht-textbox--html-input ${field.error ? 'utrecht-textbox--invalid' : ''}`}
        type={type}
        value={value}
        onChange={(event) => change(event.target.value)}
        autoComplete={autoComplete}
        inputMode={inputMode}
        aria-required={required || undefined}
        {...described(field)}
      />
    </Around>
  );
}

export function TextArea({
  value,
  change,
  rows = 5,
  required = false,
  ...field
}: FieldProps & { value: string; change: (next: string) => void; rows?: number; required?: boolean }) {
  return (
    <Around {...field}>
      <textarea
        id={field.id}
        className={`utrecht-textarea utrecht-textarea--html-textarea ${field.error ? 'utrecht-textarea--invalid' : ''}`}
        rows={rows}
        value={value}
        lang="nl"
        onChange={(event) => change(event.target.value)}
        aria-required={required || undefined}
        {...described(field)}
      />
    </Around>
  );
}

export function Select({
  value,
  change,
  options,
  ...field
}: FieldProps & { value: string; change: (next: string) => void; options: [string, string][] }) {
  return (
    <Around {...field}>
      <select
        id={field.id}
        className={`utrecht-select utrecht-select--html-select ${field.error ? 'utrecht-select--invalid' : ''}`}
        value={value}
        onChange={(event) => change(event.target.value)}
        {...described(field)}
      >
        {options.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </Around>
  );
}

export interface Option {
  value: string;
  name: string;
  help?: ReactNode;
}

// Its name is the label; what it means is said beside it.
function Choice({ type, name, of, checked, change }: { type: 'radio' | 'checkbox'; name?: string; of: Option; checked: boolean; change: (checked: boolean) => void }) {
  const id = useId();
  return (
    <div className="choice">
      <input id={id} type={type} name={name} value={of.value} checked={checked} onChange={(event) => change(event.target.checked)} aria-describedby={of.help ? `${id}-help` : undefined} />
      <label htmlFor={id}>{of.name}</label>
      {of.help && (
        <span className="subtle" id={`${id}-help`}>
          {of.help}
        </span>
      )}
    </div>
  );
}

export function Radios({
  legend,
  name,
  value,
  change,
  options,
  error,
}: {
  legend: ReactNode;
  name: string;
  value: string;
  change: (next: string) => void;
  options: Option[];
  error?: string | undefined;
}) {
  return (
    <fieldset id={name} tabIndex={-1} className={`field ${error ? 'invalid' : ''}`} aria-describedby={error ? `${name}-error` : undefined}>
      <legend className="utrecht-form-label">{legend}</legend>
      {error && (
        <div className="utrecht-form-field-error-message" id={`${name}-error`}>
          {error}
        </div>
      )}
      {options.map((option) => (
        <Choice key={option.value} type="radio" name={name} of={option} checked={value === option.value} change={() => change(option.value)} />
      ))}
    </fieldset>
  );
}

export function Checks({
  legend,
  chosen,
  change,
  options,
}: {
  legend: string;
  chosen: string[];
  change: (next: string[]) => void;
  options: Option[];
}) {
  return (
    <fieldset className="field">
      <legend className="utrecht-form-label">{legend}</legend>
      {options.map((option) => (
        <Choice
          key={option.value}
          type="checkbox"
          of={option}
          checked={chosen.includes(option.value)}
          change={(checked) => change(checked ? [...chosen, option.value] : chosen.filter((each) => each !== option.value))}
        />
      ))}
    </fieldset>
  );
}

// A few choices beside each other, of which one holds.
export function Segmented({
  legend,
  name,
  value,
  change,
  options,
}: {
  legend: string;
  name: string;
  value: string;
  change: (next: string) => void;
  options: [string, string][];
}) {
  return (
    <fieldset className="no-print">
      <legend className="visually-hidden">{legend}</legend>
      <div className="segmented">
        {options.map(([each, label]) => (
          <label key={each}>
            <input type="radio" name={name} checked={value === each} onChange={() => change(each)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

// What is wrong, with a link to each field. `shown` changes with every try, and the focus goes here.
export function ErrorSummary({ errors, shown }: { errors: [string, string][]; shown: number }) {
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown > 0 && errors.length > 0) box.current?.focus();
    // Only a new try moves the focus, not the mending of one field.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shown]);
  if (errors.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1} role="group" aria-label={words.form.summary(errors.length)}>
      <Alert kind="error" title={words.form.summary(errors.length)}>
        <ul className="dots">
          {errors.map(([id, text]) => (
            <li key={id}>
              <a
                className="nl-link"
                href={`#${id}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(id)?.focus();
                }}
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      </Alert>
    </div>
  );
}
