/**
 * Whether what somebody presents is the secret. How long that takes says nothing about it: digests are compared, in constant
 * time. For Node.
 */
export function isSameSecret(presented: string, secret: string): boolean {
  const { createHash, timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented), digest(secret));
}
