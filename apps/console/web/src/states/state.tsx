import type { ReactNode } from 'react';
import { Icon, type IconName } from '../design/icon.tsx';

export interface StateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}

/** What stands where content would: a title, a sentence and the one next step. */
export function State({ icon, title, children }: StateProps) {
  return (
    <div className="state">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export interface NoticeProps {
  readonly tone?: 'good' | 'warn' | 'bad' | 'info';
  readonly title?: ReactNode;
  readonly role?: 'alert' | 'status';
  readonly children?: ReactNode;
}

/** A short message inside a page; `role="alert"` for what has just gone wrong. */
export function Notice({ tone = 'info', title, role, children }: NoticeProps) {
  const icon = tone === 'good' ? 'check' : tone === 'info' ? 'info' : 'alert';
  return (
    <div className={`notice ${tone}`} role={role}>
      <Icon name={icon} />
      <div>
        {title && <div className="title">{title}</div>}
        {children}
      </div>
    </div>
  );
}
