namespace DaprRollouts.Core.Images;

/// <summary>An image that was pushed to a registry.</summary>
/// <param name="Image">The image, with a tag, a digest or both.</param>
/// <param name="By">Who pushed it, if known.</param>
/// <param name="Reason">Why, if the sender says so.</param>
public sealed record ImagePush(ImageReference Image, string? By = null, string? Reason = null);
