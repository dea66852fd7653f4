import { CHANNELS, channelsOf, everyDevice } from '@loa/contract';
import type { AclRule } from './acl.ts';

/**
 * Returns what a broker has to allow, from the contract's topic table; an external broker's ACL file is to be written
 * from the same list. A device writes and reads its own channels; only what the contract retains (`status`) may it
 * retain or leave as a will. The controller writes to any one device, reads from all, and retains nothing. `$SYS`,
 * `$share`, `#` and a neighbour's topics need no rule: nobody names them.
 */
export function aclRules(): readonly AclRule[] {
  return [
    ...channelsOf('from-box').flatMap((channel): AclRule[] => {
      const topic = everyDevice(channel).replace('+', '{d}');
      const kept: AclRule[] = [
        { role: 'device', action: 'publish-retained', topic },
        { role: 'device', action: 'will', topic },
      ];
      return [
        { role: 'device', action: 'publish', topic },
        ...(CHANNELS[channel].retain ? kept : []),
        { role: 'controller', action: 'subscribe', topic: everyDevice(channel) },
      ];
    }),
    ...channelsOf('to-box').flatMap((channel): AclRule[] => {
      const topic = everyDevice(channel).replace('+', '{d}');
      return [
        { role: 'device', action: 'subscribe', topic },
        { role: 'controller', action: 'publish', topic },
      ];
    }),
  ];
}
