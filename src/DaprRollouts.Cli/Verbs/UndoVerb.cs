using System.CommandLine;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Goes back to an earlier revision.</summary>
internal static class UndoVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var reason = RolloutName.Reason();
        var revision = RevisionOption.Create("--to-revision", "The revision to go back to. Default: the one before the newest.");
        var command = new Command("undo", "Go back to an earlier revision.") { name, revision, reason };
        command.SetAction(async (parsed, cancel) =>
        {
            var rollout = parsed.GetRequiredValue(name);
            var target = shell.Connect(parsed);
            if (parsed.GetValue(revision) is { } to && new Facts((await target.ReadAsync(rollout, cancel)).Seen, shell.Time.GetUtcNow()).New?.Revision == to)
            {
                await shell.Out.WriteLineAsync($"skipped rollback (current template already matches revision {to})");
                return;
            }

            var signal = new Signal { Action = SignalAction.Undo, ToRevision = parsed.GetValue(revision), Reason = parsed.GetValue(reason) };
            await target.SignalAsync(rollout, signal, cancel);
            await shell.Out.WriteLineAsync($"rollout '{rollout}' undo");
        });
        return command;
    }
}
