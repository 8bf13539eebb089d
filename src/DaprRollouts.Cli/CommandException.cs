namespace DaprRollouts.Cli;

/// <summary>What was asked cannot be done; the message is for the user and says what would help.</summary>
internal sealed class CommandException(string message, int exitCode = CommandException.Refused) : Exception(message)
{
    /// <summary>The exit code of what could not be done.</summary>
    public const int Refused = 1;

    /// <summary>The exit code of a command line that makes no sense.</summary>
    public const int Misuse = 2;

    public int ExitCode => exitCode;
}
