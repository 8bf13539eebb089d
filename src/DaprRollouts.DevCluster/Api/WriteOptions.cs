namespace DaprRollouts.DevCluster.Api;

/// <summary>How a write is to be done, and in whose name.</summary>
internal sealed record WriteOptions(string Manager)
{
    /// <summary>Update, or Apply for server-side apply.</summary>
    public string Operation { get; init; } = "Update";

    public bool DryRun { get; init; }

    /// <summary>What is done about unknown fields: Strict refuses them, Warn tells them, Ignore drops them silently.</summary>
    public string FieldValidation { get; init; } = "Ignore";

    /// <summary>Takes the unknown fields that were dropped.</summary>
    public ISet<string>? Unknown { get; init; }

    /// <summary>Whether the object comes from a patch, and not from the client as a whole.</summary>
    public bool IsPatch { get; init; }

    /// <summary>The subresource that is written; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";
}
