using DaprRollouts.Cli;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = Shell.RedirectedWidth;
}

return await new Shell(AnsiConsole.Console, Console.Error, TimeProvider.System).RunAsync(args);
