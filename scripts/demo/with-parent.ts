/** Loaded into the connector before its own code: when the demo goes, however it goes, the connector goes too. */
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), 5000).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The line to the demo alone must not keep the connector alive.
process.channel?.unref();
