using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>What an app was set to answer: lists used one after another, the last answer again and again.</summary>
internal sealed class AnswerTable
{
    private static readonly AppAnswer NotFound = new(404, null, null, null, null);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Method, string Path), Queue<AppAnswer>> _answers = [];

    public void Set(AppAnswers answers)
    {
        lock (_lock)
            _answers[(answers.Method, answers.Path)] = new Queue<AppAnswer>(answers.Answers);
    }

    /// <summary>The answer to a call; the most exact of the matching entries decides.</summary>
    public AppAnswer Next(string method, string path)
    {
        lock (_lock)
        {
            var entry = _answers
                .Where(entry => (entry.Key.Method == "*" || entry.Key.Method == method) && Covers(entry.Key.Path, path))
                .OrderByDescending(entry => !entry.Key.Path.EndsWith('*'))
                .ThenByDescending(entry => entry.Key.Path.Length)
                .ThenByDescending(entry => entry.Key.Method != "*")
                .Select(entry => entry.Value)
                .FirstOrDefault();

            if (entry is null)
                return NotFound;
            return entry.Count > 1 ? entry.Dequeue() : entry.Peek();
        }
    }

    private static bool Covers(string pattern, string path) => pattern.EndsWith('*')
        ? path.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern == path;
}
