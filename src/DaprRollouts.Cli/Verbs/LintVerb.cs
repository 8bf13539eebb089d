using System.CommandLine;
using DaprRollouts.Cli.Linting;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Checks manifests without a cluster.</summary>
internal static class LintVerb
{
    public static Command Create(Shell shell)
    {
        var files = FileOption.Create();
        var command = new Command("lint", "Check the rollouts, templates, runs and experiments of a file, without a cluster.") { files };
        command.SetAction(async (parsed, cancel) =>
        {
            List<(string, string)> texts = [];
            foreach (var file in parsed.GetRequiredValue(files))
            {
                texts.Add((file, await ReadAsync(file, cancel)));
            }

            var findings = Linter.Check(texts, shell.Time.GetUtcNow());
            foreach (var finding in findings)
            {
                await shell.Error.WriteLineAsync(finding.ToString());
            }

            return findings.All(f => f.IsWarning) ? 0 : CommandException.Refused;
        });
        return command;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancel) =>
        file == "-" ? await Console.In.ReadToEndAsync(cancel)
        : File.Exists(file) ? await File.ReadAllTextAsync(file, cancel)
        : throw new CommandException($"the file {file} does not exist");
}
