/** Every fault that this program throws or writes into its journal as a `fault` event. */
export type AgentErrorCode =
  | 'agent/data-dir' // the data folder cannot be made or written
  | 'agent/already-running' // another agent holds the same data folder
  | 'agent/newer-database' // the database was written by a newer agent
  | 'agent/database-damaged' // a damaged database was moved aside
  | 'agent/claim-needed' // no identity yet and no claim code to ask with
  | 'agent/claim-refused' // the controller or a person refused the claim
  | 'agent/claim-expired' // the claim code is too old
  | 'agent/bad-identity' // the identity on disk cannot be read
  | 'agent/bad-answer' // the controller answered something that is not of this protocol
  | 'agent/unreachable' // the controller did not answer
  | 'agent/stopped' // the agent is being stopped
  | 'link/offline' // there is no connection to the broker
  | 'link/busy' // too many messages wait for the broker
  | 'link/no-answer' // the broker did not take the message in time
  | 'journal/went-back' // the controller knows more of this journal than the box does
  | 'media/stalled' // a download stood still
  | 'media/hash-differs'
  | 'media/not-found'
  | 'media/too-large';
