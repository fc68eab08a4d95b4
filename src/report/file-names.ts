/** What the pack's files are called that are rendered, the tables aside. */
export const fileName = {
  html: "pack.html",
  assessment: "assessment.json",
  schema: "assessment.schema.json",
  workPapers: "work-papers.xlsx",
  oscal: "oscal-assessment-results.json",
} as const;
