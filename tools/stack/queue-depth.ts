import type { ChannelModel } from 'amqplib';

/** How many messages are ready in a queue; none when it does not exist. */
export async function depthOf(connection: ChannelModel, queue: string): Promise<number> {
  // On a channel of its own, since asking for a queue that is missing closes the channel.
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  try {
    const { messageCount } = await channel.checkQueue(queue);
    await channel.close();
    return messageCount;
  } catch (error) {
    if ((error as { code?: number }).code === 404) return 0;
    throw error;
  }
}
