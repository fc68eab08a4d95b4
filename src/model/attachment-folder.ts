/** The folder of a pack's bundle in which the files of attestations lie. */
export const attachmentFolder = "attachments/";
