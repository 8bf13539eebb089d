namespace DaprRollouts.DevCluster.Kubelet;

/// <summary>What comes of running a command: how long it takes, null for ever, and its exit code.</summary>
internal sealed record CommandOutcome(TimeSpan? Runtime, int ExitCode)
{
    public static CommandOutcome RunsForever { get; } = new(null, 0);

    public static CommandOutcome NotFound { get; } = new(TimeSpan.Zero, 127);

    public static CommandOutcome Instant { get; } = new(TimeSpan.Zero, 0);
}

/// <summary>Foresees the outcome of the few commands that tests use: sleep, exit, true, false and echo, also in a shell.</summary>
internal static class ShellCommand
{
    private static readonly string[] Shells = ["sh", "bash", "ash", "/bin/sh", "/bin/bash"];

    /// <param name="argv">The command with its arguments.</param>
    /// <param name="unknown">What is assumed of a program that is not known here.</param>
    public static CommandOutcome Foresee(IReadOnlyList<string> argv, CommandOutcome unknown)
    {
        if (argv.Count == 0)
        {
            return unknown;
        }
        return Shells.Contains(argv[0])
            ? ForeseeScript(argv.Skip(1).FirstOrDefault(a => !a.StartsWith('-')) ?? "", unknown)
            : ForeseeParts([(";", [.. argv])], unknown);
    }

    private static CommandOutcome ForeseeScript(string script, CommandOutcome unknown) => ForeseeParts(Split(script), unknown);

    private static CommandOutcome ForeseeParts(IEnumerable<(string Joint, string[] Words)> parts, CommandOutcome unknown)
    {
        TimeSpan? elapsed = TimeSpan.Zero;
        var code = 0;
        foreach (var (joint, words) in parts)
        {
            if ((joint == "&&" && code != 0) || (joint == "||" && code == 0) || words.Length == 0)
            {
                continue;
            }
            switch (words[0])
            {
                case "sleep":
                    elapsed = words.Skip(1).Aggregate(elapsed, Add);
                    code = 0;
                    break;
                case "exit":
                    return new CommandOutcome(elapsed, words.Length > 1 && int.TryParse(words[1], out var given) ? given : 0);
                case "false":
                    code = 1;
                    break;
                case "true" or "echo" or ":":
                    code = 0;
                    break;
                default:
                    return unknown;
            }
        }
        return new CommandOutcome(elapsed, code);
    }

    private static TimeSpan? Add(TimeSpan? elapsed, string text) =>
        Duration.Parse(text) is { } more && more != Timeout.InfiniteTimeSpan ? elapsed + more : null;

    private static IEnumerable<(string Joint, string[] Words)> Split(string script)
    {
        var joint = ";";
        var rest = script;
        while (rest.Length > 0)
        {
            var at = rest.AsSpan().IndexOfAny(";\n&|".AsSpan());
            var part = at < 0 ? rest : rest[..at];
            yield return (joint, [.. part.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('"', '\''))]);
            if (at < 0)
            {
                yield break;
            }
            joint = rest[at..].StartsWith("&&", StringComparison.Ordinal) ? "&&" : rest[at..].StartsWith("||", StringComparison.Ordinal) ? "||" : ";";
            rest = rest[(at + joint.Length)..];
        }
    }
}
