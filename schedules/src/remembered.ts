/** Returns a function that works an answer out once per question; `keyOf` tells questions apart, by default by themselves. */
export function remembered<Question, Answer>(
  answer: (question: Question) => Answer,
  keyOf: (question: Question) => unknown = (question) => question,
): (question: Question) => Answer {
  const answers = new Map<unknown, { readonly answer: Answer }>();
  return (question) => {
    const key = keyOf(question);
    let known = answers.get(key);
    if (!known) {
      known = { answer: answer(question) };
      answers.set(key, known);
    }
    return known.answer;
  };
}
