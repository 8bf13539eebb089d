using System.CommandLine;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Sends a signal to the executor over HTTP, as a pipeline would.</summary>
internal static class SignalVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var action = new Option<string>("--action") { Description = $"One of {string.Join(", ", SignalAction.All)}.", Required = true };
        action.AcceptOnlyFromAmong([.. SignalAction.All]);
        var reason = RolloutName.Reason();
        var revision = RevisionOption.Create("--revision", "Only if this is the newest revision.");
        var to = RevisionOption.Create("--to-revision", "For undo: the revision to go back to.");
        var id = new Option<string?>("--id") { Description = "Identifies the signal, so that one sent twice counts once." };
        var server = ServerOption.Create();
        var command = new Command("signal", "Send a signal to the executor.") { name, action, reason, revision, to, id, server };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var signal = new Signal
            {
                Action = parsed.GetRequiredValue(action),
                Reason = parsed.GetValue(reason),
                Revision = parsed.GetValue(revision),
                ToRevision = parsed.GetValue(to),
                Id = parsed.GetValue(id),
                By = $"{target.By} via cli",
            };
            if (signal.Error() is { } error)
            {
                throw new CommandException(error, CommandException.Misuse);
            }

            using var api = new ExecutorApi(parsed.GetValue(server), () => target);
            await shell.Out.WriteLineAsync(await api.SignalAsync(target.Namespace, parsed.GetRequiredValue(name), signal, cancel));
        });
        return command;
    }
}
