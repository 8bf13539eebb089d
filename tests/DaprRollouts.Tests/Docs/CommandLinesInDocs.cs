using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using DaprRollouts.Cli;
using DaprRollouts.Executor;
using Spectre.Console.Testing;

namespace DaprRollouts.Tests.Docs;

/// <summary>Every command line that the documentation shows can be given as it stands there.</summary>
public sealed partial class CommandLinesInDocs
{
    private static readonly string[] Cli = ["dapr-rollouts", "kubectl dapr-rollouts", "dotnet run --project src/DaprRollouts.Cli --", "kubectl-dapr_rollouts"];
    private static readonly string[] Executor = ["dotnet run --project src/DaprRollouts.Executor --"];

    public static TheoryData<string, string> CliLines => Lines(Cli);

    public static TheoryData<string, string> ExecutorLines => Lines(Executor);

    [Theory]
    [MemberData(nameof(CliLines))]
    public void A_command_line_of_the_CLI_parses(string page, string line)
    {
        using var error = new StringWriter();
        using var console = new TestConsole();
        var parsed = new Shell(console, error, TimeProvider.System).Command().Parse(Words(line));

        // Running text names commands without their arguments.
        var isMention = parsed.Tokens.All(t => t.Type == TokenType.Command);
        var errors = parsed.Errors.Where(e => !isMention || !e.Message.StartsWith("Required ", StringComparison.Ordinal)).ToList();
        Assert.True(errors.Count == 0, $"{page}: {line}: {string.Join(' ', errors.Select(e => e.Message))}");
    }

    [Theory]
    [MemberData(nameof(ExecutorLines))]
    public void A_command_line_of_the_executor_parses(string page, string line)
    {
        var parsed = ExecutorCommand.Create((_, _) => Task.FromResult(0)).Parse(Words(line));

        Assert.True(parsed.Errors.Count == 0, $"{page}: {line}: {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
    }

    // In code blocks and between backquotes. What follows a comment, a pipe, a redirection or another command is not ours.
    private static TheoryData<string, string> Lines(string[] programs)
    {
        var data = new TheoryData<string, string>();
        foreach (var page in Pages.All)
        {
            foreach (var line in Pages.Code(page).Concat(Pages.Prose(page).SelectMany(l => Inline.Matches(l).Select(m => m.Groups["code"].Value))).SelectMany(l => l.Split("&&", StringSplitOptions.TrimEntries)))
            {
                var command = Prompt.Replace(line.Trim(), "");
                if (programs.FirstOrDefault(p => command.StartsWith($"{p} ", StringComparison.Ordinal)) is { } program)
                {
                    data.Add(Pages.Name(page), Tail.Replace(command[program.Length..], "").Trim());
                }
            }
        }

        return data;
    }

    private static string[] Words(string line) => [.. Word.Matches(line).Select(m => m.Value.Trim('"', '\'') is var w && m.Value[0] is '"' or '\'' ? m.Value[1..^1] : m.Value.Replace("\"", ""))];

    [GeneratedRegex("""^(\$ |[A-Z_]+=\S+ )+""")]
    private static partial Regex Prompt { get; }

    // A synopsis with alternatives and options is no command line.
    [GeneratedRegex("""`(?<code>[^`|\[]+)`""")]
    private static partial Regex Inline { get; }

    [GeneratedRegex(@"\s+(#|\||>|;|\\$|&$).*$")]
    private static partial Regex Tail { get; }

    [GeneratedRegex("""("[^"]*"|'[^']*'|[^\s"']+("[^"]*")?)+""")]
    private static partial Regex Word { get; }
}
