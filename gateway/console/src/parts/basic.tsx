// Headings, buttons, links, badges, notices and lists of facts, in the classes of NL Design System.
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import { Icon, type IconName } from './icon';

export function Heading({ level, id, children }: { level: 1 | 2 | 3; id?: string; children: ReactNode }) {
  const Tag = `h${level}` as const;
  return (
    <Tag className={`nl-heading nl-heading--level-${level}`} id={id} tabIndex={level === 1 ? -1 : undefined}>
      {children}
    </Tag>
  );
}

type ButtonKind = 'primary' | 'secondary' | 'subtle' | 'negative';
interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  icon?: IconName;
}
const buttonClass = (kind: ButtonKind) =>
  `nl-button ${kind === 'negative' ? 'nl-button--primary nl-button--negative' : `nl-button--${kind}`}`;

export function Button({ kind = 'secondary', icon, children, className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={`${buttonClass(kind)} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      <span className="nl-button__label">{children}</span>
    </button>
  );
}

export function ButtonLink({ to, kind = 'secondary', children }: { to: string; kind?: ButtonKind; children: ReactNode }) {
  return (
    <RouterLink to={to} className={buttonClass(kind)}>
      <span className="nl-button__label">{children}</span>
    </RouterLink>
  );
}

export function Link({ to, children, lang }: { to: string; children: ReactNode; lang?: string }) {
  return (
    <RouterLink to={to} className="nl-link" lang={lang}>
      {children}
    </RouterLink>
  );
}

export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="nl-link" rel="noreferrer">
      {children}
    </a>
  );
}

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'inactive';
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`utrecht-status-badge utrecht-status-badge--${tone}`}>{children}</span>;
}

type AlertKind = 'info' | 'ok' | 'warning' | 'error';
const alertIcon: Record<AlertKind, IconName> = { info: 'info', ok: 'check', warning: 'warning', error: 'refused' };
export function Alert({
  kind,
  title,
  children,
  role,
}: {
  kind: AlertKind;
  title?: string;
  children?: ReactNode;
  role?: 'alert' | 'status';
}) {
  return (
    <div className={`utrecht-alert utrecht-alert--${kind}`} role={role}>
      <div className="utrecht-alert__icon">
        <Icon name={alertIcon[kind]} />
      </div>
      <div className="utrecht-alert__content">
        <div className="utrecht-alert__message">
          {title && <strong>{title}</strong>}
          {children}
        </div>
      </div>
    </div>
  );
}

// Facts under their names; what is not known is left out.
export function Facts({ of }: { of: [string, ReactNode][] }) {
  return (
    <dl className="utrecht-data-list utrecht-data-list--rows">
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <div className="utrecht-data-list__item" key={name}>
            <dt className="utrecht-data-list__item-key">{name}</dt>
            <dd className="utrecht-data-list__item-value utrecht-data-list__item-value--html-dd">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Code({ children }: { children: ReactNode }) {
  return <span className="code">{children}</span>;
}

// A person's own words: always Dutch, whatever the language of the screen.
export function Typed({ children }: { children: ReactNode }) {
  return (
    <span lang="nl" className="long">
      {children}
    </span>
  );
}
