using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Tells the version.</summary>
internal static class VersionVerb
{
    public static Command Create(Shell shell)
    {
        var brief = new Option<bool>("--short") { Description = "The number only." };
        var command = new Command("version", "Show the version of this program.") { brief };
        command.SetAction((parsed, cancel) => shell.Out.WriteLineAsync(
            (parsed.GetValue(brief) ? Number : $"dapr-rollouts: {Number} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})").AsMemory(), cancel));
        return command;
    }

    private static string Number =>
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
